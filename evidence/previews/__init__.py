"""Looking at stored files without the reader's browser opening them: text as text, images and PDF pages as pictures made here."""
