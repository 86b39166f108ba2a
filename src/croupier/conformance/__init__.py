"""`croupier certify`: every rule of a wallet, tried against one, over whatever API it speaks."""
