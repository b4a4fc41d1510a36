"""The inverse of the normal distribution as a rational approximation.

The standard library's is more exact, in the ninth digit; with it, the organisation of a seed would
no longer be, to the last digit, the one that earlier figures were measured on.
Source: P. J. Acklam, An algorithm for computing the inverse normal cumulative distribution (2003).
"""

from math import log, sqrt

_A = (-3.969683028665376e01, 2.209460984245205e02, -2.759285104469687e02, 1.383577518672690e02,
      -3.066479806614716e01, 2.506628277459239e00)  # fmt: skip
_B = (-5.447609879822406e01, 1.615858368580409e02, -1.556989798598866e02, 6.680131188771972e01,
      -1.328068155288572e01, 1.0)  # fmt: skip
_C = (-7.784894002430293e-03, -3.223964580411365e-01, -2.400758277161838e00,
      -2.549732539343734e00, 4.374664141464968e00, 2.938163982698783e00)  # fmt: skip
_D = (7.784695709041462e-03, 3.224671290700398e-01, 2.445134137142996e00, 3.754408661907416e00,
      1.0)  # fmt: skip
TAIL = 0.02425


def quantile(p: float) -> float:
    """The value that a standard normal variable stays below with probability p, 0 < p < 1.

    >>> round(quantile(0.8), 4), round(quantile(0.01), 4), quantile(0.5)
    (0.8416, -2.3263, 0.0)
    """
    if p > 1 - TAIL:
        return -quantile(1 - p)
    if p < TAIL:
        r = sqrt(-2 * log(p))
        return _polynomial(_C, r) / _polynomial(_D, r)
    q = p - 0.5
    return _polynomial(_A, q * q) * q / _polynomial(_B, q * q)


def _polynomial(coefficients: tuple[float, ...], x: float) -> float:
    total = 0.0
    for coefficient in coefficients:
        total = total * x + coefficient
    return total
