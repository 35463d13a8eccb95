using System.Globalization;
using System.Net;
using PortMgmt.Ports;

namespace PortMgmt.Listeners;

/// <summary>A socket that listens (TCP) or is bound and unconnected (UDP), and the process that has it.</summary>
public sealed record PortListener
{
    /// <summary>The port number, 1 to 65535.</summary>
    public required int Port { get; init; }

    /// <summary>TCP or UDP.</summary>
    public required PortProtocol Protocol { get; init; }

    /// <summary>The local address; a wildcard address for all of a family.</summary>
    public required IPAddress Address { get; init; }

    /// <summary>The process id; null where this user is not told. Called Id so that <c>Stop-Process</c> binds it.</summary>
    public int? Id { get; init; }

    /// <summary>The program's short name; null where it cannot be told. Not called Name or ProcessName: <c>Stop-Process</c> would bind those.</summary>
    public string? Program { get; init; }

    /// <summary>The name of the live lease on that port; null for none or where leases were not looked at.</summary>
    public string? LeaseName { get; init; }

    /// <summary>Who listens where, such as <c>TCP port 8080 on 0.0.0.0 by process 42 (node)</c>.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Protocol.ToString().ToUpperInvariant()} port {Port} on {Address}{(Id is { } id ? $" by process {id}" : "")}{(Program is null ? "" : $" ({Program})")}");
}
