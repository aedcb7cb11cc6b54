"""Build the course: from the sources in ``course/`` to what learners and trainers open."""
