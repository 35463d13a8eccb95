using System.Globalization;
using System.Management.Automation;

namespace PortMgmt.PowerShell.Terminal;

/// <summary>
/// What a view says of an operation's result: what it put out, behind a mark where something went wrong although it succeeded; else what
/// went wrong. Takes results as they are and as they come from a file or another session. Called by the module's format file.
/// </summary>
public static class ResultView
{
    /// <summary>How much of an error a table shows.</summary>
    private const int LongestText = 400;

    /// <summary>The text, or the output itself where there is nothing to add.</summary>
    /// <param name="result">The result.</param>
    /// <returns>What stands in the column of the output.</returns>
    public static object? Describe(PSObject? result)
    {
        object? output = Read(result, "Output");
        string marks = Mark(result);
        if (!HasSucceeded(result))
        {
            return marks + FirstLine(Read(result, "ErrorMessage"));
        }

        return marks.Length == 0 ? output : marks + LanguagePrimitives.ConvertTo<string>(output);
    }

    /// <summary>
    /// The same for a table's last wide column: what went wrong in as many lines as it takes, broken between words, and what an operation
    /// put out that went well in one.
    /// </summary>
    /// <param name="result">The result.</param>
    /// <param name="used">The width of the other columns.</param>
    /// <param name="host">The value of <c>$Host</c>, which knows how wide the screen is.</param>
    /// <returns>What stands in the column of the output.</returns>
    public static string Lines(PSObject? result, int used, object? host) => HasSucceeded(result) && Mark(result).Length == 0
        ? ViewStyle.Clip(Describe(result), ViewStyle.Rest(used, host))
        : ViewStyle.Fold(ViewStyle.Clip(Describe(result), LongestText), used, host);

    /// <summary>By which state a view colours the result: one that succeeded with errors, or with an exit code other than 0, is a warning.</summary>
    /// <param name="result">The result.</param>
    /// <returns>The state.</returns>
    public static object? StateOf(PSObject? result) => HasSucceeded(result) && Mark(result).Length > 0 ? "Warning" : Read(result, "Status");

    private static string Mark(PSObject? result)
    {
        string exit = Read(result, "ExitCode") is { } value && LanguagePrimitives.TryConvertTo(value, out int code) && code != 0
            ? string.Create(CultureInfo.InvariantCulture, $"[exit {code}] ")
            : "";
        if (!LanguagePrimitives.TryConvertTo(Read(result, "ErrorCount"), out int count) || count < (HasSucceeded(result) ? 1 : 2))
        {
            return exit;
        }

        string counted = string.Create(CultureInfo.InvariantCulture, $"{count} {(count == 1 ? "error" : "errors")}");
        return HasSucceeded(result) ? $"{exit}[{counted}: {FirstLine(Read(result, "ErrorMessage"))}] " : $"{exit}[{counted}] ";
    }

    private static bool HasSucceeded(PSObject? result) => Read(result, "Status")?.ToString() == "Succeeded";

    private static object? Read(PSObject? result, string name) => result?.Properties[name]?.Value;

    private static string FirstLine(object? text)
    {
        string whole = text?.ToString() ?? "";
        int end = whole.AsSpan().IndexOfAny('\r', '\n');
        return end < 0 ? whole : whole[..end];
    }
}
