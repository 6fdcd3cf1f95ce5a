"""Speed beside a floor: what the same machine does in the same minute for the least that could do the job.

Machines are noisy, so rounds of both alternate, and the ratio of the medians is what counts.
"""
