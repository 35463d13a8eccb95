using System.Text;
using PortMgmt.Text;
using Xunit;

namespace PortMgmt.Core.Tests.Text;

public sealed class JsonLinesTests
{
    [Fact]
    public void WriteTo_SeveralLines_WritesThemOnceAndForgetsThem()
    {
        using var lines = new JsonLines();
        Add(lines, "ä\n");
        Add(lines, "b");
        using var stream = new MemoryStream();

        Assert.Equal(Encoding.UTF8.GetByteCount("{\"a\":\"ä\\n\"}\n{\"a\":\"b\"}\n"), lines.Length);
        lines.WriteTo(stream);
        lines.WriteTo(stream);

        Assert.Equal(0, lines.Length);
        Assert.Equal("{\"a\":\"ä\\n\"}\n{\"a\":\"b\"}\n", Encoding.UTF8.GetString(stream.ToArray()));
    }

    [Fact]
    public void WriteTo_StreamThatCannotBeWritten_KeepsThem()
    {
        using var lines = new JsonLines();
        Add(lines, "a");
        using var closed = new MemoryStream([], writable: false);

        Assert.Throws<NotSupportedException>(() => lines.WriteTo(closed));

        Assert.Equal("{\"a\":\"a\"}\n".Length, lines.Length);
    }

    private static void Add(JsonLines lines, string text)
    {
        lines.Begin().WriteString("a", text);
        lines.End();
    }
}
