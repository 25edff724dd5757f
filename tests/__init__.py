"""The tests. What computes does so in one thread, here and in the processes that they start.

The threads of torch and FAISS wait for one another at every step: on a machine whose cores are
busy that makes one question take twenty times as long.
"""

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")
