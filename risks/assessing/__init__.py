"""The annual assessment: frozen, approved by somebody else, compared with the year before."""
