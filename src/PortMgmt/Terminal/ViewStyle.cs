using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Host;
using System.Text;
using PortMgmt.Text;

namespace PortMgmt.PowerShell.Terminal;

/// <summary>
/// Colours a state in a view by the colours that the user set in <c>$PSStyle</c>. None where <c>NO_COLOR</c> is set, where the shell's
/// output is redirected, and where <c>$PSStyle.OutputRendering</c> is plain text: PowerShell itself leaves sequences in the output of a
/// process that is redirected. Called by the module's format file.
/// </summary>
public static class ViewStyle
{
    private const int UsualWidth = 80;
    private const int NarrowestColumn = 16;
    private const string Good = "Foreground.Green";
    private const string Warning = "Formatting.Warning";
    private const string Bad = "Formatting.Error";
    private const string Faint = "Foreground.BrightBlack";

    /// <summary>People want colour: https://no-color.org.</summary>
    internal static bool WantsColour => string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));

    /// <summary>
    /// A value for a view, which shows it and never obeys it: the control characters of inputs, names, programs and errors, which come from
    /// others, are written out as <c>\u001b</c>.
    /// </summary>
    /// <param name="value">Any value.</param>
    /// <returns>The value itself where its text has none; else that text, or a list of such values.</returns>
    public static object? Show(object? value)
    {
        object? plain = value is PSObject wrapped ? wrapped.BaseObject : value;
        switch (plain)
        {
            case null:
                return null;
            case string text:
                return VisibleText.FromLines(text);
            case IDictionary table:
                return AreVisible(table.Keys) && AreVisible(table.Values) ? value : ShowEach(table.Cast<DictionaryEntry>().Select(pair => (object)$"[{pair.Key}, {pair.Value}]"));
            case IList list:
                return AreVisible(list) && !NeedTexts(list) ? value : ShowEach(list.Cast<object?>());
            default:
                string whole = value!.ToString() ?? "";
                string visible = VisibleText.FromLines(whole);
                return ReferenceEquals(whole, visible) ? value : visible;
        }
    }

    /// <summary>Colours a state.</summary>
    /// <param name="state">A state of a lease or an operation, the severity of a finding, or whether something is well.</param>
    /// <param name="style">The value of <c>$PSStyle</c>.</param>
    /// <returns>The state's text, with colour where there is to be one.</returns>
    public static string Paint(object? state, object? style) => Paint(state, state, style);

    /// <summary>Colours a text by a state.</summary>
    /// <param name="text">The text.</param>
    /// <param name="state">The state.</param>
    /// <param name="style">The value of <c>$PSStyle</c>.</param>
    /// <returns>The text, with colour where there is to be one.</returns>
    public static string Paint(object? text, object? state, object? style)
    {
        string shown = VisibleText.FromLines(text?.ToString() ?? "");
        if (ColourOf(state?.ToString()) is not { } colour || !WantsColour || Console.IsOutputRedirected || style is null)
        {
            return shown;
        }

        var all = PSObject.AsPSObject(style);
        return all.Properties["OutputRendering"]?.Value?.ToString() == "PlainText"
            ? shown
            : Find(all, colour) + shown + Find(all, "Reset");
    }

    /// <summary>A moment as the command line shows it, in UTC; of one that came from a file or another session as well.</summary>
    /// <param name="value">A moment; null for none.</param>
    /// <returns>Its text; null for none.</returns>
    public static string? Time(object? value)
    {
        if (value is null)
        {
            return null;
        }

        var moment = PSObject.AsPSObject(value);
        return moment.BaseObject is DateTimeOffset time ? TimeText.Format(time)
            : LanguagePrimitives.TryConvertTo(moment.Properties["UtcDateTime"]?.Value ?? moment.BaseObject, out DateTime utc) ? TimeText.Format(utc)
            : VisibleText.FromLines(moment.ToString());
    }

    /// <summary>The beginning of a text or list, for a column of a row whose last column takes several lines.</summary>
    /// <param name="value">Any value.</param>
    /// <param name="width">The width of the column.</param>
    /// <returns>The first line, with an ellipsis where something is left out.</returns>
    public static string Clip(object? value, int width)
    {
        string text = value is null ? "" : TextOf(value);
        int end = text.AsSpan().IndexOfAny('\r', '\n');
        string line = VisibleText.From(end < 0 ? text : text[..end]);
        (string cut, _) = TextColumns.Cut(line, width);
        return cut.Length == line.Length && end < 0 ? line : TextColumns.Cut(line, width - 1).Text + "…";
    }

    /// <summary>Breaks a text between words for the last column of a table, where PowerShell itself would break it inside one.</summary>
    /// <param name="text">The text.</param>
    /// <param name="used">The width of the columns before it.</param>
    /// <param name="host">The value of <c>$Host</c>, which knows how wide the screen is.</param>
    /// <returns>The text with line breaks.</returns>
    public static string Fold(object? text, int used, object? host)
    {
        int width = Rest(used, host);
        var lines = new StringBuilder();
        int column = 0;
        foreach (string word in VisibleText.FromLines(text?.ToString() ?? "").Split(' '))
        {
            bool fits = column == 0 || column + 1 + word.Length <= width;
            lines.Append(column == 0 ? "" : fits ? " " : "\n").Append(word);
            column = (fits && column > 0 ? column + 1 : 0) + word.Length;
        }

        return lines.ToString();
    }

    /// <summary>How much of the screen's width other columns leave.</summary>
    internal static int Rest(int used, object? host) => Math.Max(NarrowestColumn, WidthOf(host) - used);

    private static int WidthOf(object? host)
    {
        try
        {
            return (host as PSHost)?.UI?.RawUI is { WindowSize.Width: > 0 and int width } ? width : UsualWidth;
        }
        catch (Exception e) when (e is HostException or NotImplementedException or IOException)
        {
            return UsualWidth;
        }
    }

    /// <summary>Whether the texts of values have nothing to be written out.</summary>
    private static bool AreVisible(IEnumerable values)
    {
        foreach (object? value in values)
        {
            string text = value?.ToString() ?? "";
            if (!ReferenceEquals(VisibleText.FromLines(text), text))
            {
                return false;
            }
        }

        return true;
    }

    // One level deep, as views themselves look: what holds itself has an end.
    private static object?[] ShowEach(IEnumerable<object?> values) => [.. values.Select(value => value is null ? null : VisibleText.FromLines(TextOf(value)))];

    // A view shows nothing of a warning, and the type of a list in a list.
    private static bool NeedTexts(IList list) =>
        list.Cast<object?>().Any(static value => (value is PSObject wrapped ? wrapped.BaseObject : value) is ICollection or InformationalRecord);

    private static string TextOf(object value) =>
        (value is PSObject wrapped ? wrapped.BaseObject : value) is ICollection list ? "{" + CollectionText.Of(list) + "}" : value.ToString() ?? "";

    private static string? ColourOf(string? state) => state switch
    {
        "Active" or "Succeeded" or "Healthy" or "True" => Good,
        "Stale" or "TimedOut" or "Rejected" or "Draining" or "Warning" => Warning,
        "Failed" or "Error" or "Unhealthy" or "False" => Bad,
        "Quarantined" or "Cancelled" or "Information" => Faint,
        _ => null,
    };

    private static string? Find(PSObject style, string path)
    {
        object? found = style;
        foreach (string name in path.Split('.'))
        {
            found = found is null ? null : PSObject.AsPSObject(found).Properties[name]?.Value;
        }

        return found?.ToString();
    }
}
