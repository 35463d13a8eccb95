using PortMgmt.Cli.Run;
using PortMgmt.Reports;

namespace PortMgmt.Cli.Output;

/// <summary>The terminal on standard error, if there is one that can be drawn on.</summary>
internal static class ErrorTerminal
{
    private const int UsualWidth = 80;

    /// <summary>Whether it can be drawn on: dumb terminals and those of Windows that were not told to obey sequences cannot.</summary>
    public static bool CanDraw => !Console.IsErrorRedirected && TableTarget.ObeysSequences;

    /// <summary>What it shows at this moment; it may be resized at any time.</summary>
    public static PanelStyle Style
    {
        get
        {
            int width = OperatingSystem.IsLinux() ? LibC.TerminalWidth(2) : Console.WindowWidth;

            // A character in the last column makes some terminals go on in the next line.
            return new PanelStyle((width > 0 ? width : UsualWidth) - 1, TableTarget.WantsColour, ShowsUnicode);
        }
    }

    private static bool ShowsUnicode
    {
        get
        {
            string? locale = FirstOf("LC_ALL", "LC_CTYPE", "LANG");
            return locale is not null && locale.Replace("-", "", StringComparison.Ordinal).Contains("UTF8", StringComparison.OrdinalIgnoreCase);
        }
    }

    private static string? FirstOf(params string[] variables)
    {
        foreach (string variable in variables)
        {
            if (Environment.GetEnvironmentVariable(variable) is { Length: > 0 } value)
            {
                return value;
            }
        }

        return null;
    }
}
