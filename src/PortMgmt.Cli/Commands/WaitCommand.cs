using System.CommandLine;
using System.Text.Json;
using PortMgmt.Cli.Output;
using PortMgmt.Cli.Parsing;
using PortMgmt.Listeners;
using PortMgmt.Text;

namespace PortMgmt.Cli.Commands;

/// <summary><c>wait</c>: until something listens on a port, or until nothing does.</summary>
internal sealed class WaitCommand : CliCommand
{
    private static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(30);

    private readonly Argument<string> _port = new("PORT") { Description = "The TCP port." };
    private readonly Option<string> _timeout;
    private readonly Option<string> _free;

    /// <summary>Makes the verb.</summary>
    public WaitCommand(GlobalOptions globals)
        : base("wait", "Wait until something listens on a TCP port; exit code 1 when the time runs out.", globals)
    {
        Arguments.Add(_port);
        _timeout = AddOption("--timeout", "30s", "How long at most (ms, s, m, h, d); 30s unless said.");
        _free = AddFlag("--free", "Wait until nothing listens there any more.");
    }

    /// <inheritdoc/>
    protected override int Execute(ParseResult parsed)
    {
        int port = ParseResultExtensions.ParseNumber(parsed.GetRequiredValue(_port), "PORT", 1, 65535);
        TimeSpan timeout = parsed.GetDuration(_timeout) ?? DefaultTimeout;
        bool free = parsed.Has(_free);
        CommandOutput output = OpenOutput(parsed);
        var outcome = new Outcome(port, free, PortListeners.Wait(port, free, timeout));
        if (output.Json)
        {
            output.WriteArray([outcome], Write);
        }

        if (!outcome.Reached)
        {
            ErrorLine.Write(free
                ? $"Port {port} is still in use after {DurationText.Format(timeout)}. 'portmgmt who {port}' shows by whom; --timeout waits longer."
                : $"Nothing listens on port {port} after {DurationText.Format(timeout)}. Check that the server was started on that port; --timeout waits longer.");
        }

        return outcome.Reached ? ExitCodes.Done : ExitCodes.Incomplete;
    }

    private static void Write(Utf8JsonWriter writer, Outcome outcome)
    {
        writer.WriteNumber("port", outcome.Port);
        writer.WriteString("protocol", "tcp");
        writer.WriteString("state", outcome.Free == outcome.Reached ? "free" : "listening");
        writer.WriteBoolean("timedOut", !outcome.Reached);
    }

    private sealed record Outcome(int Port, bool Free, bool Reached);
}
