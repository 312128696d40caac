"""Tests of controls: who may make them, what they found, and when the next is due."""
