"""Bad input through the real doors: a clear answer, nothing lost, never a 500."""
