"""To and from the university's system: grades, hand-ins and feedback for Canvas and Moodle."""
