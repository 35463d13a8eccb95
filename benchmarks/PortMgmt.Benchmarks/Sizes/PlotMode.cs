using System.Globalization;

namespace PortMgmt.Benchmarks.Sizes;

/// <summary>Draws what <see cref="SizesMode"/> and benchmarks/batch-sizes.ps1 say.</summary>
internal static class PlotMode
{
    /// <summary>Runs the mode: lines of series, size and microseconds come in, a drawing goes out.</summary>
    /// <param name="args">The title, what the sizes are of, and the file to draw to.</param>
    public static int Run(string[] args)
    {
        if (args is not [string title, string axis, string path])
        {
            Console.Error.WriteLine("usage: plot TITLE AXIS FILE.svg < LINES");
            return 2;
        }

        var plot = new CostPlot(title, axis);
        while (Console.ReadLine() is string line)
        {
            string[] words = line.Split(';');
            plot.Add(words[0], int.Parse(words[1], CultureInfo.InvariantCulture), double.Parse(words[2], CultureInfo.InvariantCulture));
        }

        File.WriteAllText(path, plot.Draw());
        return 0;
    }
}
