using System.CommandLine;
using System.Text.Json;
using PortMgmt.Cli.Output;
using PortMgmt.Cli.Parsing;
using PortMgmt.Leases;
using PortMgmt.Leases.Allocation;
using PortMgmt.Ports;

namespace PortMgmt.Cli.Commands;

/// <summary><c>test</c>: whether exactly this port could be had right now, and what speaks against it.</summary>
internal sealed class TestCommand : CliCommand
{
    private readonly Argument<string> _port = new("PORT") { Description = "The port." };
    private readonly Option<string> _protocol;

    /// <summary>Makes the verb.</summary>
    public TestCommand(GlobalOptions globals)
        : base("test", "Say whether a port could be leased by number, or why not. Exit code 3 when it could not; 4 where the registry cannot say.", globals)
    {
        Arguments.Add(_port);
        _protocol = AddOption("--protocol", "tcp|udp|both", "TCP unless said otherwise.");
    }

    /// <inheritdoc/>
    protected override int Execute(ParseResult parsed)
    {
        int port = ParseResultExtensions.ParseNumber(parsed.GetRequiredValue(_port), "PORT", 1, 65535);
        PortProtocol protocol = parsed.GetProtocol(_protocol);
        CommandOutput output = OpenOutput(parsed);
        PortAvailability found = OpenRegistry(parsed).TestAnyway(port, protocol, ErrorLine.Warn, CancellationToken.None);
        if (output.Json)
        {
            output.WriteArray([found], Write);
        }
        else
        {
            output.WriteLine(Describe(found));
        }

        return found.Available ? ExitCodes.Done : found.Reason == PortRefusal.None ? ExitCodes.Registry : ExitCodes.Unavailable;
    }

    private static string Describe(PortAvailability found)
    {
        string free = $"{PortRefusals.Label(found.Protocol, found.Port)} can be leased";
        return found.Message.Length == 0 ? free + "." : found.Available ? $"{free}, though {found.Message}." : found.Message + ".";
    }

    private static void Write(Utf8JsonWriter writer, PortAvailability found)
    {
        writer.WriteNumber("port", found.Port);
        writer.WriteString("protocol", ProtocolName.From(found.Protocol));
        writer.WriteBoolean("available", found.Available);
        writer.WriteString("reason", JsonNamingPolicy.CamelCase.ConvertName(found.Reason.ToString()));
        writer.WriteString("message", found.Message);
        WriteObject(writer, "lease", found.Lease, LeaseJson.Write);
        WriteObject(writer, "listener", found.Listener, LeaseJson.Write);
    }

    private static void WriteObject<T>(Utf8JsonWriter writer, string name, T? value, Action<Utf8JsonWriter, T> write)
        where T : class
    {
        if (value is null)
        {
            writer.WriteNull(name);
            return;
        }

        writer.WriteStartObject(name);
        write(writer, value);
        writer.WriteEndObject();
    }
}
