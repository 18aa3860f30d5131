"""Lists of rows: dialogues, contacts, what a search finds; and the bar and the field that stand beside and above them."""
