using System.CommandLine;
using System.Text.Json;
using PortMgmt.Cli.Output;
using PortMgmt.Cli.Parsing;
using PortMgmt.Heads;
using PortMgmt.Listeners;
using PortMgmt.Ports;
using PortMgmt.Text;

namespace PortMgmt.Cli.Commands;

/// <summary><c>wait</c>: until something listens on a port, or until it is free.</summary>
internal sealed class WaitCommand : CliCommand
{
    private static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(30);

    private readonly Argument<string> _port = new("PORT") { Description = "The TCP port." };
    private readonly Option<string> _timeout;
    private readonly Option<string> _free;

    /// <summary>Makes the verb.</summary>
    public WaitCommand(GlobalOptions globals)
        : base("wait", "Wait until something listens on a TCP port, or until it is free. Exit code 1 when the time runs out.", globals)
    {
        Arguments.Add(_port);
        _timeout = AddOption("--timeout", "30s", "How long at most (ms, s, m, h, d); 30s unless said.");
        _free = AddFlag("--free", "Wait until it can be leased by number: no process has it open or leases it.");
    }

    /// <inheritdoc/>
    protected override int Execute(ParseResult parsed)
    {
        int port = ParseResultExtensions.ParseNumber(parsed.GetRequiredValue(_port), "PORT", 1, 65535);
        TimeSpan timeout = parsed.GetDuration(_timeout) ?? DefaultTimeout;
        bool free = parsed.Has(_free);
        CommandOutput output = OpenOutput(parsed);
        Outcome outcome = Wait(parsed, port, free, timeout);
        if (output.Json)
        {
            output.WriteArray([outcome], Write);
        }

        if (!outcome.Reached)
        {
            ErrorLine.Write(free
                ? $"{outcome.Obstacle} after {DurationText.Format(timeout)}. 'portmgmt test {port}' shows by whom; --timeout waits longer."
                : $"Nothing listens on port {port} after {DurationText.Format(timeout)}. Check that the server was started on that port; --timeout waits longer.");
        }

        return outcome.Reached ? ExitCodes.Done : ExitCodes.Incomplete;
    }

    private Outcome Wait(ParseResult parsed, int port, bool free, TimeSpan timeout)
    {
        if (!free)
        {
            return new Outcome(port, free, PortListeners.Wait(port, untilFree: false, timeout), null);
        }

        string? obstacle = FreePort.Wait(() => OpenRegistry(parsed), port, PortProtocol.Tcp, timeout, ErrorLine.Warn);
        return new Outcome(port, free, obstacle is null, obstacle);
    }

    private static void Write(Utf8JsonWriter writer, Outcome outcome)
    {
        writer.WriteNumber("port", outcome.Port);
        writer.WriteString("protocol", "tcp");
        writer.WriteString("state", outcome.Free == outcome.Reached ? "free" : "listening");
        writer.WriteBoolean("timedOut", !outcome.Reached);
    }

    private sealed record Outcome(int Port, bool Free, bool Reached, string? Obstacle);
}
