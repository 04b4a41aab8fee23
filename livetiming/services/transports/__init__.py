"""What carries the frames of most feeds, so that a provider need only know its protocol."""
