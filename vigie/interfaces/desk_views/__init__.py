"""What the pages of the desk are given: records built from the answers of services, nothing computed after."""
