using PortMgmt.Leases;
using PortMgmt.Ports;
using PortMgmt.PowerShell.Terminal;
using Xunit;

namespace PortMgmt.Tests.Terminal;

public sealed class PortTextTests
{
    [Theory]
    [InlineData(PortProtocol.Tcp, "TCP")]
    [InlineData(PortProtocol.Udp, "UDP")]
    [InlineData(PortProtocol.Both, "TCP and UDP")]
    public void Describe_Protocol_IsItsName(PortProtocol protocol, string expected) => Assert.Equal(expected, PortText.Describe(protocol));

    [Theory]
    [InlineData(PortRegistrySource.Option, "named by -Registry")]
    [InlineData(PortRegistrySource.Environment, "named by the environment variable PORTMGMT_REGISTRY")]
    [InlineData(PortRegistrySource.MachineWide, "the machine-wide one, which an administrator made")]
    public void Describe_Source_SaysWhatChoseTheRegistry(PortRegistrySource source, string expected) => Assert.Equal(expected, PortText.Describe(source));

    [Theory]
    [InlineData(8080, "8080")]
    [InlineData(-1, "-1")]
    public void Number_Any_HasNoSeparators(int number, string expected) => Assert.Equal(expected, PortText.Number(number));
}
