"""What scripts/up shows: a sample library, a Stash (a stand-in or the owner's), and our plugin at work in it."""
