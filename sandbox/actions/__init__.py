"""What people and Apps do: each action checks GitHub's rules, changes the state, announces it."""
