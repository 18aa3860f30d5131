"""What a hand works with: buttons, fields, menus, popups, dialogs."""
