using PortMgmt.TestKit;

namespace PortMgmt.RabbitMq.Tests.Support;

/// <summary>A directory for the logs of one test.</summary>
internal sealed class Scratch : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public string Log(string node) => _directory[node];

    /// <summary>How often operations were started on any node: one line each.</summary>
    public string[] Starts() => [.. Directory.GetFiles(_directory.Path).SelectMany(File.ReadLines)];

    public void Dispose() => _directory.Dispose();
}
