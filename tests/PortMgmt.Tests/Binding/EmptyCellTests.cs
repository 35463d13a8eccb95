using System.Management.Automation;
using PortMgmt.Ports;
using PortMgmt.PowerShell.Binding;
using Xunit;

namespace PortMgmt.Tests.Binding;

public sealed class EmptyCellTests
{
    private readonly EmptyCellAttribute _number = new(1);
    private readonly EmptyCellAttribute _protocol = new(PortProtocol.Tcp);

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("  ")]
    public void Transform_EmptyCell_IsTheDefault(object? cell)
    {
        Assert.Equal(1, _number.Transform(cell));
        Assert.Equal(PortProtocol.Tcp, _protocol.Transform(cell));
    }

    [Fact]
    public void Transform_Cell_IsConverted()
    {
        Assert.Equal(7, _number.Transform("7"));
        Assert.Equal(7, _number.Transform(PSObject.AsPSObject("7")));
        Assert.Equal(PortProtocol.Udp, _protocol.Transform("udp"));
    }

    [Fact]
    public void Transform_ValueThatIsNoText_IsLeftToTheEngine() => Assert.Equal(7L, _number.Transform(7L));

    [Fact]
    public void Transform_CellThatCannotBeConverted_SaysWhatIsTaken()
    {
        Assert.Equal("'many' is no whole number.", Assert.Throws<ArgumentTransformationMetadataException>(() => _number.Transform("many")).Message);
        Assert.Equal(
            "'icmp' is no value of Tcp, Udp, Both.", Assert.Throws<ArgumentTransformationMetadataException>(() => _protocol.Transform("icmp")).Message);
    }
}
