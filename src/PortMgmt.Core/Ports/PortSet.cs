using System.Globalization;

namespace PortMgmt.Ports;

/// <summary>An immutable set of ports, kept as sorted ranges that do not touch; a look-up is a binary search.</summary>
internal sealed class PortSet
{
    private readonly PortRange[] _ranges;

    private PortSet(PortRange[] ranges) => _ranges = ranges;

    public static PortSet Empty { get; } = new([]);

    public bool IsEmpty => _ranges.Length == 0;

    public static PortSet From(IReadOnlyList<PortRange> ranges)
    {
        if (ranges.Count == 0)
        {
            return Empty;
        }

        PortRange[] sorted = [.. ranges];
        Array.Sort(sorted, static (a, b) => a.First.CompareTo(b.First));
        int last = 0;
        for (int i = 1; i < sorted.Length; i++)
        {
            if (sorted[i].First <= sorted[last].Last + 1)
            {
                sorted[last] = new PortRange(sorted[last].First, Math.Max(sorted[last].Last, sorted[i].Last));
            }
            else
            {
                sorted[++last] = sorted[i];
            }
        }

        return new PortSet(sorted[..(last + 1)]);
    }

    /// <summary>Reads <c>8080,9000-9010</c>; what is no range of ports is passed over, since the text is the kernel's.</summary>
    public static PortSet Parse(ReadOnlySpan<char> text)
    {
        List<PortRange> ranges = [];
        foreach (Range part in text.Split(','))
        {
            if (PortRange.TryParse(text[part], CultureInfo.InvariantCulture, out PortRange range))
            {
                ranges.Add(range);
            }
        }

        return From(ranges);
    }

    public bool Contains(int port)
    {
        int low = 0, high = _ranges.Length - 1;
        while (low <= high)
        {
            int middle = (low + high) >>> 1;
            if (port < _ranges[middle].First)
            {
                high = middle - 1;
            }
            else if (port > _ranges[middle].Last)
            {
                low = middle + 1;
            }
            else
            {
                return true;
            }
        }

        return false;
    }
}
