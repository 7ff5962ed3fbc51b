# SPDX-License-Identifier: GPL-2.0-only
"""fork's latency over the parent's memory, Tine and Linux, drawn by gnuplot as SVG."""
import os
import subprocess

SCRIPT = """
set terminal svg size 760,440 dynamic font 'Helvetica,14' background '#ffffff'
set output '{out}.svg'
set logscale xy
set logscale x 2
set xrange [0.95:4700]
set yrange [9500:1050000000]
set xtics ('1 MiB' 1, '4' 4, '16' 16, '64' 64, '256' 256, '1 GiB' 1024, '4 GiB' 4096) nomirror
set ytics ('10 k' 1e4, '100 k' 1e5, '1 M' 1e6, '10 M' 1e7, '100 M' 1e8, '1 G' 1e9) nomirror
set xlabel "the parent's memory, touched in 4 KiB pages" textcolor '#444444'
set ylabel 'instructions' textcolor '#444444'
set title 'What a fork costs' font 'Helvetica,18' textcolor '#222222'
set border 3 linecolor '#888888'
set grid xtics ytics linecolor '#dddddd' linetype 1
set key left top reverse Left samplen 2 spacing 1.3 textcolor '#222222'
set style line 1 linecolor '#c03a2b' linewidth 2.5 pointtype 7 pointsize 0.6
set style line 2 linecolor '#c03a2b' linewidth 2.5 pointtype 6 pointsize 0.6 dashtype 2
set style line 3 linecolor '#1f6fb2' linewidth 2.5 pointtype 7 pointsize 0.6
set style line 4 linecolor '#1f6fb2' linewidth 2.5 pointtype 6 pointsize 0.6 dashtype 2
plot {curves}
"""
CURVES = (("Linux", "fork_exit_plot", 2, "Linux 6.1: fork + exit + wait"),
          ("Linux", "fork_plot", 1, "Linux 6.1: fork()"),
          ("Tine", "fork_exit_plot", 4, "Tine: fork + exit + wait"),
          ("Tine", "fork_plot", 3, "Tine: fork()"))
SIZES = [1 << shift for shift in range(13)]


def draw(points, out):
    """points: figures by kernel. Writes OUT/fork-latency.dat and .svg; says what is missing."""
    curves, blocks = [], []
    for kernel, prefix, style, title in CURVES:
        figures = points.get(kernel, {})
        block = [(size, figures.get(f"{prefix}_{size}M")) for size in SIZES]
        block = [f"{size} {value}" for size, value in block if value is not None]
        if not block:
            continue
        curves.append(f"'{out}/fork-latency.dat' index {len(blocks)} using 1:2 with linespoints "
                      f"linestyle {style} title '{title}'")
        blocks.append(f"# {kernel} {prefix}\n" + "\n".join(block) + "\n")
    with open(out + "/fork-latency.dat", "w") as file:
        file.write("\n\n".join(blocks))
    if curves:
        script = SCRIPT.format(out=os.path.join(out, "fork-latency"), curves=", \\\n     ".join(curves))
        subprocess.run(["gnuplot"], input=script, text=True, check=True)
        print(f"  PLOT    {out}/fork-latency.svg", flush=True)
