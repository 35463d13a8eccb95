using System.Text;
using PortMgmt.Operations.JobLogs;
using Xunit;

namespace PortMgmt.Core.Tests.Operations;

public sealed class JobLogKeysTests
{
    [Fact]
    public void OfText_EqualTexts_AreCountedFromTheSecondOn()
    {
        JobLogKeys keys = new();

        string[] made = [keys.OfText("a"u8), keys.OfText("b"u8), keys.OfText("a"u8), keys.OfValue("a"u8), keys.OfText("a"u8)];

        Assert.Equal("2:sha256:ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb", made[0]);
        Assert.Equal([made[0] + "#2", made[0] + "#3"], [made[2], made[4]]);
        Assert.Equal("2:value-sha256:ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb", made[3]);
    }

    [Fact]
    public void OfText_BytesThatAreNoText_AreKnownApart()
    {
        JobLogKeys keys = new();

        Assert.Equal(3, new[] { keys.OfText([0xff]), keys.OfText([0xfe]), keys.OfText(Encoding.UTF8.GetBytes("\ufffd")) }.Distinct().Count());
    }

    [Fact]
    public void OfId_IdsAndTypes_AreKnownApart()
    {
        string[] keys =
        [
            JobLogKeys.OfId("a"), JobLogKeys.OfId("b"), JobLogKeys.OfId("a", ""), JobLogKeys.OfId("a", "t"), JobLogKeys.OfId("t:id:a"), JobLogKeys.OfId("", "t:id:a"),
            JobLogKeys.OfId("a", "t:id:"), JobLogKeys.OfId("\ud800"), JobLogKeys.OfId("\ud801"), JobLogKeys.OfId("\ufffd"),
        ];

        Assert.Equal("2:id:a", keys[0]);
        Assert.Equal(keys.Length, keys.Distinct(StringComparer.Ordinal).Count());
        Assert.All(keys, key => Assert.True(JobLogKeys.IsCurrent(key)));
    }
}
