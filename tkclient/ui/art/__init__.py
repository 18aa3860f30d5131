"""All pictures: shapes, icons, portraits, emoji. Drawn by Pillow, four times as large and reduced: Tk does not smooth edges."""
