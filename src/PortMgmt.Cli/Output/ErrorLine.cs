using System.Text;
using PortMgmt.Text;

namespace PortMgmt.Cli.Output;

/// <summary>Errors and warnings: one line each on standard error.</summary>
internal static class ErrorLine
{
    private const int MaxMessageLength = 1000;

    /// <summary>Writes an error: what, why, what to do.</summary>
    public static void Write(string message) => WriteLine("portmgmt: ", message);

    /// <summary>Writes how things stand, for whoever watches.</summary>
    public static void Report(string message) => WriteLine("portmgmt: ", message);

    /// <summary>Writes something worth knowing that is no failure.</summary>
    public static void Warn(string message) => WriteLine("portmgmt: warning: ", message);

    private static void WriteLine(string prefix, string message)
    {
        using Stream error = StandardStream.OpenError();
        try
        {
            error.Write(Encoding.UTF8.GetBytes($"{prefix}{VisibleText.From(message, MaxMessageLength)}\n"));
        }
        catch (IOException)
        {
            // Standard error is closed: the exit code is all that is left to tell the caller.
        }
    }
}
