using System.CommandLine;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using PortMgmt.Cli.Parsing;

namespace PortMgmt.Cli.Commands;

/// <summary>The demo's server: listens on <c>PORT</c>, says so, and ends when its standard input does.</summary>
internal sealed class DemoInstanceCommand : CliCommand
{
    /// <summary>Makes the verb, which the demo alone calls.</summary>
    public DemoInstanceCommand(GlobalOptions globals)
        : base("instance", "A server of the demo.", globals) => Hidden = true;

    /// <inheritdoc/>
    protected override int Execute(ParseResult parsed)
    {
        string text = Environment.GetEnvironmentVariable("PORT")
            ?? throw new UsageException("There is no PORT in the environment. This verb is started by 'portmgmt demo'.");
        int port = ParseResultExtensions.ParseNumber(text, "PORT", 1, 65535);
        using var listener = new TcpListener(IPAddress.Loopback, port);
        listener.Start();
        OpenOutput(parsed).WriteLine(port.ToString(CultureInfo.InvariantCulture));
        using Stream input = Console.OpenStandardInput();
        input.CopyTo(Stream.Null);
        return ExitCodes.Done;
    }
}
