"""Which days are known, which are foretold: windows, labels, samples, and the audit for leaks."""
