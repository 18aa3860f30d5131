"""HTTP: what operators and their monitoring see of a node. Nothing here knows SQL, Redis or a chat packet."""
