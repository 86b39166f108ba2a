"""What may be said to an operator's wallet and heard back. Pure values and the retry schedule."""
