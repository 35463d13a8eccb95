using System.Text;

namespace PortMgmt.Reports;

/// <summary>
/// A place at the end of a terminal that is drawn over each time. Makes the text to be written; knows how many lines are there. Not
/// thread-safe.
/// </summary>
internal sealed class LiveRegion
{
    private int _lines;

    /// <summary>What draws lines over those that were drawn before.</summary>
    /// <param name="lines">The lines, none wider than the terminal.</param>
    /// <returns>The text to write.</returns>
    public string Draw(IReadOnlyList<string> lines)
    {
        ArgumentNullException.ThrowIfNull(lines);
        StringBuilder text = Up();
        foreach (string line in lines)
        {
            text.Append(line).Append("\u001b[K\n");
        }

        text.Append("\u001b[J");
        _lines = lines.Count;
        return text.ToString();
    }

    /// <summary>What takes the lines away and leaves the cursor where they began.</summary>
    /// <returns>The text to write; empty when nothing is drawn.</returns>
    public string Erase()
    {
        if (_lines == 0)
        {
            return "";
        }

        string text = Up().Append("\u001b[J").ToString();
        _lines = 0;
        return text;
    }

    private StringBuilder Up()
    {
        var text = new StringBuilder("\r");
        return _lines == 0 ? text : text.Append("\u001b[").Append(_lines).Append('A');
    }
}
