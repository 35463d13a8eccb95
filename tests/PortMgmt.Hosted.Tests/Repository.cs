using System.Reflection;

namespace PortMgmt.Hosted.Tests;

/// <summary>Where the sources and the built module are.</summary>
internal static class Repository
{
    public static string Root => Metadata("RepositoryRoot");

    public static string PesterDirectory => Path.Combine(Root, "tests", "pester");

    public static string Manifest => Environment.GetEnvironmentVariable("PORTMGMT_MODULE") ?? Path.Combine(Root, "PortMgmt.psd1");

    public static string Metadata(string key) => typeof(Repository).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>()
        .First(attribute => attribute.Key == key).Value ?? "";
}
