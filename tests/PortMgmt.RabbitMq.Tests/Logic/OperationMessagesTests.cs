using System.Text;
using PortMgmt.Cluster;
using PortMgmt.RabbitMq.Messages;
using PortMgmt.RabbitMq.Topology;
using RabbitMQ.Client;
using Xunit;

namespace PortMgmt.RabbitMq.Tests.Logic;

public sealed class OperationMessagesTests
{
    [Fact]
    public void Describe_Operation_IsOneAndKeepsItsIds()
    {
        var operation = new ClusterOperation("a/b", "job", "{}"u8.ToArray());
        BasicProperties properties = OperationMessages.Describe(new TopologyNames("c"), "batch", operation, DateTimeOffset.UnixEpoch);
        Assert.Null(OperationMessages.FindFlaw(properties, operation.Input.Span, "job"));
        Assert.True(OperationMessages.TryReadKey(properties.MessageId, out string batchId, out string operationId));
        Assert.Equal(("batch", "a/b", DeliveryModes.Persistent), (batchId, operationId, properties.DeliveryMode));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("nothing")]
    [InlineData("/id")]
    [InlineData("batch/")]
    [InlineData("no batch/id")]
    public void TryReadKey_AnythingElse_IsNone(string? key) => Assert.False(OperationMessages.TryReadKey(key, out _, out _));

    [Theory]
    [InlineData("job", "", false)]
    [InlineData("no type", "1", false)]
    [InlineData("job", "1", true)]
    public void FindFlaw_Operation_NamesIt(string type, string id, bool isGood) =>
        Assert.Equal(isGood, OperationMessages.FindFlaw(new ClusterOperation(id, type, default)) is null);

    [Fact]
    public void FindFlaw_IdOfManyBytes_IsNamed()
    {
        Assert.Null(OperationMessages.FindFlaw(new ClusterOperation(new string('x', ClusterLimits.MaxIdBytes), "job", default)));
        Assert.NotNull(OperationMessages.FindFlaw(new ClusterOperation(new string('é', ClusterLimits.MaxIdBytes), "job", default)));
    }

    [Theory]
    [InlineData("1", true)]
    [InlineData(" {\"a\":[null]} ", true)]
    [InlineData("", false)]
    [InlineData("1 2", false)]
    [InlineData("{a:1}", false)]
    [InlineData("'x'", false)]
    public void IsJson_Text_IsOneValueOrNot(string text, bool expected) => Assert.Equal(expected, OperationMessages.IsJson(Encoding.UTF8.GetBytes(text)));

    [Fact]
    public void IsJson_DeepOrNoUtf8_IsNot()
    {
        Assert.True(OperationMessages.IsJson(Encoding.UTF8.GetBytes(new string('[', 64) + new string(']', 64))));
        Assert.False(OperationMessages.IsJson(Encoding.UTF8.GetBytes(new string('[', 65) + new string(']', 65))));
        Assert.False(OperationMessages.IsJson([(byte)'"', 0xFF, (byte)'"']));
    }
}
