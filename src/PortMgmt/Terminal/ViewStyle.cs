using System.Management.Automation;

namespace PortMgmt.PowerShell.Terminal;

/// <summary>
/// Colours a state in a view by the colours that the user set in <c>$PSStyle</c>. None where <c>NO_COLOR</c> is set, where the shell's
/// output is redirected, and where <c>$PSStyle.OutputRendering</c> is plain text: PowerShell itself leaves sequences in the output of a
/// process that is redirected. Called by the module's format file.
/// </summary>
public static class ViewStyle
{
    private const string Good = "Foreground.Green";
    private const string Warning = "Formatting.Warning";
    private const string Bad = "Formatting.Error";
    private const string Faint = "Foreground.BrightBlack";

    /// <summary>People want colour: https://no-color.org.</summary>
    internal static bool WantsColour => string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));

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
        string shown = text?.ToString() ?? "";
        if (ColourOf(state?.ToString()) is not { } colour || !WantsColour || Console.IsOutputRedirected || style is null)
        {
            return shown;
        }

        var all = PSObject.AsPSObject(style);
        return all.Properties["OutputRendering"]?.Value?.ToString() == "PlainText"
            ? shown
            : Find(all, colour) + shown + Find(all, "Reset");
    }

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
