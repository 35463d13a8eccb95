namespace PortMgmt.Reports.Charts;

/// <summary>
/// How large a chart is drawn. A chart that is scaled down to a telephone has letters of a millimetre, so that a page has each chart in two
/// sizes and its style shows the one that fits.
/// </summary>
/// <param name="Style">The class of the style that shows it.</param>
/// <param name="Width">Its width.</param>
/// <param name="Left">How much of it is left of the plot.</param>
/// <param name="Right">How much of it is right of the plot.</param>
/// <param name="BinsPerDecade">How many bars a histogram has from one power of ten to the next.</param>
internal sealed record ChartSize(string Style, double Width, double Left, double Right, int BinsPerDecade)
{
    /// <summary>For desks and paper.</summary>
    public static readonly ChartSize Wide = new("wide", 800, 64, 24, 12);

    /// <summary>For telephones.</summary>
    public static readonly ChartSize Narrow = new("narrow", 420, 64, 16, 6);

    /// <summary>Where the plot ends.</summary>
    public double PlotRight => Width - Right;

    /// <summary>How wide the plot is.</summary>
    public double PlotWidth => Width - Left - Right;
}
