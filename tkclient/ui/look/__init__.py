"""What all widgets draw and speak with: scale, fonts, colours, pictures, words."""
