"""What each finding counts in each pattern of `evidence`; fitted once, on simulated organisations.

600 organisations of 15 worlds (other sizes, answer rates, noise, base rates, holidays, turnover)
and 10 scenarios, whose changes and campaigns came in any week, so that no weight knows a date. Of
the fit, only the constants were moved afterwards, to bring the patterns' shares of false alarms to
where each detects as much as it can without the others losing, and the last weight of rising, so
that a shock to everybody raises no more alarms than it must.
"""

import numpy as np

# Of answers: fast z and L, slow z and L; of silence the same; standing z and M / sqrt(v); the
# organisation so far and now. Rows: rising, high, quiet, turning.
# fmt: off
WEIGHTS = np.array([
    [1.148, 0.390, 0.284, -0.125, 0.772, 0.263, -0.247, -0.644, 0.063, -0.261, -2.228, 2.000],
    [-0.695, 0.222, 0.532, 0.293, -0.160, 0.129, 1.242, -0.899, 1.840, -0.413, 1.955, -1.371],
    [0.000, 0.000, 0.000, 0.000, -0.880, 0.717, 1.143, 0.164, 0.000, 0.000, -0.276, 0.672],
    [0.062, 0.461, 0.608, 0.089, 0.894, 0.324, 1.272, -0.059, 0.132, 0.005, -0.431, -1.342],
])
BIAS = np.array([-4.947, -0.725, -1.834, -5.473])
# fmt: on
