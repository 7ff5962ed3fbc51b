# SPDX-License-Identifier: GPL-2.0-only
"""What `make bench` prints: instructions and their limits, wall-clock beside them, scaling."""
import rows as table


def show(value):
    return "-" if value is None else f"{value:,}"


def show_time(ticks, hertz):
    """Microseconds, three or four digits of them."""
    if ticks is None:
        return "-"
    micro = ticks * 1e6 / hertz
    return f"{micro:,.0f}" if micro >= 100 else f"{micro:.3g}"


def ratio(tine, linux):
    return tine / linux if tine is not None and linux else None


def show_ratio(value):
    if value is None:
        return "-"
    return f"{value:.2f}" if value >= 0.01 else f"{value:.4f}"


class Report:
    """figures: of "counted", "clock 1" and "clock 2", for Tine and Linux."""

    def __init__(self, figures, hertz):
        self.figures, self.hertz, self.over, self.lines = figures, hertz, [], []

    def line(self, text):
        self.lines.append(text.rstrip())
        print(text.rstrip(), flush=True)

    def pair(self, kind, name):
        both = self.figures.get(kind, {})
        return both.get("Tine", {}).get(name), both.get("Linux", {}).get(name)

    def head(self):
        counted = f"{'instructions':43} {'Tine':>13} {'Linux':>15} {'ratio':>7} {'at most':>13}     "
        clock = f" | {'Tine us':>9} {'Linux us':>9} {'ratio':>6}     " if "clock 1" in self.figures else ""
        noisy = " | 2 CPUs, noisy" if "clock 2" in self.figures else ""
        self.line("")
        self.line(counted + clock + noisy)

    def row(self, row):
        tine, linux = self.pair("counted", row.name)
        limit = table.limit_of(row, linux)
        verdict = "" if limit is None else "ok" if tine is not None and tine <= limit else "OVER"
        if verdict == "OVER":
            self.over.append(row.name)
        name = f"{row.what} [{row.unit}]" if row.unit else row.what
        self.line(f"{name:43} {show(tine):>13} {show(linux):>15} {show_ratio(ratio(tine, linux)):>7} "
                  f"{show(limit):>13} {verdict:4}" + self.clock(row) + self.noisy(row))

    def clock(self, row):
        if "clock 1" not in self.figures:
            return ""
        if not row.clock:
            return f" | {'':31}"
        tine, linux = self.pair("clock 1", row.name)
        part = ratio(tine, linux)
        verdict = "" if part is None else "ok" if part <= 1 else "OVER"
        if verdict == "OVER":
            self.over.append(row.name + " by the clock")
        return (f" | {show_time(tine, self.hertz):>9} {show_time(linux, self.hertz):>9} "
                f"{show_ratio(part):>6} {verdict:4}")

    def noisy(self, row):
        if "clock 2" not in self.figures or not (row.clock and row.two):
            return ""
        tine, linux = self.pair("clock 2", row.name)
        return (f" | {show_time(tine, self.hertz):>9} {show_time(linux, self.hertz):>9} "
                f"{show_ratio(ratio(tine, linux)):>6}")

    def scaling(self):
        if self.pair("clock 2", "n_rate_1_process")[0] is None:
            return
        self.line("")
        self.line(f"{'forks per second, 2 CPUs, median of turns, noisy':52} {'Tine':>10} {'Linux':>10} "
                  f"{'ratio':>7}")
        for name, what in table.RATES:
            tine, linux = [value and round(value) for value in self.pair("clock 2", name)]
            self.line(f"{what:52} {show(tine):>10} {show(linux):>10} "
                      f"{show_ratio(ratio(tine, linux)):>7}")
        for name, what in table.GAINS:
            self.both(what, [gain and gain / 100 for gain in self.pair("clock 2", name)])
        if "counted 2" in self.figures:
            self.line(f"\n{'instructions of both CPUs for a fork, alone = 1.00':52}")
            for name, what in table.GAINS[1:]:
                gains = self.pair("counted 2", name)
                self.both(what.split(" /")[0], [gain and 100 / gain for gain in gains])

    def both(self, what, values):
        self.line(f"{what:52} {show_ratio(values[0]):>10} {show_ratio(values[1]):>10}")

    def all(self, chosen):
        self.head()
        for row in chosen:
            self.row(row)
        self.scaling()
        if self.over:
            self.line(f"\n{len(self.over)} over their limit: " + ", ".join(self.over))
        else:
            self.line("\nno row is over its limit")
