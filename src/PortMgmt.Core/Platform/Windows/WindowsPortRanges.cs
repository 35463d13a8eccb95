using System.Globalization;
using System.Text.RegularExpressions;
using PortMgmt.Ports;

namespace PortMgmt.Platform.Windows;

/// <summary>Reads what netsh says of ranges of ports: numbers, whose words depend on the language of the system.</summary>
internal static partial class WindowsPortRanges
{
    // The range of IANA, which Windows has unless an administrator changed it.
    private static readonly PortRange DefaultDynamic = new(49152, 65535);

    /// <summary>Reads "Start Port : 49152" and "Number of Ports : 16384".</summary>
    public static PortRange ParseDynamic(string text)
    {
        MatchCollection numbers = AfterColon().Matches(text);
        if (numbers.Count < 2)
        {
            return DefaultDynamic;
        }

        int first = Read(numbers[0].Groups[1]);
        int count = Read(numbers[1].Groups[1]);
        return first >= 1 && count >= 1 && first + count - 1 <= 65535 ? new PortRange(first, first + count - 1) : DefaultDynamic;
    }

    /// <summary>Reads lines of two ports, the first and the last of a range; some have a star behind them.</summary>
    public static PortSet ParseExcluded(string text)
    {
        List<PortRange> ranges = [];
        foreach (Match line in TwoPorts().Matches(text))
        {
            int first = Read(line.Groups[1]);
            int last = Read(line.Groups[2]);
            if (first >= 1 && first <= last && last <= 65535)
            {
                ranges.Add(new PortRange(first, last));
            }
        }

        return PortSet.From(ranges);
    }

    private static int Read(Group number) => int.Parse(number.ValueSpan, CultureInfo.InvariantCulture);

    [GeneratedRegex(@":\s*(\d{1,5})\s*$", RegexOptions.Multiline)]
    private static partial Regex AfterColon();

    [GeneratedRegex(@"^[ \t]*(\d{1,5})[ \t]+(\d{1,5})[ \t]*\*?[ \t]*\r?$", RegexOptions.Multiline)]
    private static partial Regex TwoPorts();
}
