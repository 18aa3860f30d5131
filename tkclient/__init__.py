"""The desktop client: chats in the style of WeChat's desktop, in Tkinter, on `naivechat.client`.

`ui` has the widgets and knows no network, `logic` decides and knows no widget, `system` is what the desktop around them offers;
they meet in `interfaces` and in the values of `model`, and `app` joins them.
"""
