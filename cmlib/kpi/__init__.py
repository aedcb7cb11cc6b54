"""Key figures of a community: activity, participation, retention, engagement, support."""
