using System.Text;
using Spectre.Console;

namespace PortMgmt.Cli.Output;

/// <summary>
/// What Spectre.Console needs to know of where it draws. Its own class asks <see cref="Console.Out"/>, which writes control
/// sequences to a terminal as soon as it is looked at.
/// </summary>
/// <param name="writer">Where the table goes.</param>
/// <param name="width">How many columns there are.</param>
internal sealed class TableTarget(TextWriter writer, int width) : IAnsiConsoleOutput
{
    /// <summary>Whether people want colour at all: https://no-color.org.</summary>
    public static bool WantsColour => string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));

    /// <summary>Whether terminals here obey escape sequences; consoles of Windows do only when they have been told to.</summary>
    public static bool ObeysSequences =>
        !OperatingSystem.IsWindows() && Environment.GetEnvironmentVariable("TERM") is not (null or "" or "dumb");

    /// <inheritdoc/>
    public TextWriter Writer => writer;

    /// <inheritdoc/>
    public bool IsTerminal => false;

    /// <inheritdoc/>
    public int Width => width;

    /// <inheritdoc/>
    public int Height => int.MaxValue;

    /// <inheritdoc/>
    public void SetEncoding(Encoding encoding)
    {
        // A TextWriter keeps the encoding that it was made with.
    }
}
