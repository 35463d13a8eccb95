namespace PortMgmt.RabbitMq.Tests.Support;

/// <summary>A directory for the logs of one test.</summary>
internal sealed class Scratch : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("portmgmt-cluster-");

    public string Log(string node) => Path.Combine(_directory.FullName, node);

    /// <summary>How often operations were started on any node: one line each.</summary>
    public string[] Starts() => [.. _directory.GetFiles().SelectMany(file => File.ReadLines(file.FullName))];

    public void Dispose() => _directory.Delete(recursive: true);
}
