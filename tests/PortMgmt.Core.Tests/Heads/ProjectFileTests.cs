using System.IO.Pipes;
using System.Text;
using PortMgmt.Heads.Projects;
using PortMgmt.Leases;
using PortMgmt.Ports;
using PortMgmt.TestKit;
using Xunit;

namespace PortMgmt.Core.Tests.Heads;

/// <summary>The file of a project: what it says, and what anybody may have written into it.</summary>
public sealed class ProjectFileTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    [Fact]
    public void Read_WholeFile_SaysWhatItHas()
    {
        ProjectFile project = Write("""
            {
              "$schema": "./portmgmt.schema.json",
              "scope": "shop",
              "ports": {
                "web": { "preferred": 8080 },
                "my-api": { "preferred": [9910, 9912], "protocol": "both", "variable": "API_PORT" },
                "@acme/dns": { "protocol": "udp" }
              }
            }
            """);

        Assert.Equal("shop", project.Scope);
        Assert.Equal(["web WEB_PORT Tcp 8080", "my-api API_PORT Both 9910,9912", "@acme/dns ACME_DNS_PORT Udp "], project.Ports.Select(port => $"{port.Name} {port.Variable} {port.Protocol} {string.Join(',', port.Preferred)}"));
    }

    [Fact]
    public void Read_Directory_FindsTheFileInIt()
    {
        Write("""{"ports":{"web":{}}}""");

        Assert.Equal(_directory[ProjectFile.DefaultName], ProjectFile.Read(_directory.Path).Path);
    }

    [Fact]
    public void Read_MarkOfUtf8_IsLeftOut() => Assert.Single(Write("\uFEFF{\"ports\":{\"web\":{}}}").Ports);

    [Theory]
    [InlineData("", "It is empty.")]
    [InlineData("ports: web", "line 1: ")]
    [InlineData("[]", "There is an array where there must be an object")]
    [InlineData("null", "There is null where")]
    [InlineData("{}", "ports: There are none.")]
    [InlineData("""{"ports":{}}""", "ports: There are none.")]
    [InlineData("""{"ports":["web"]}""", "ports: There is an array where")]
    [InlineData("""{"ports":"web"}""", "ports: There is a text where")]
    [InlineData("{\n// a comment\n\"ports\":{\"web\":{}}}", "line 2: ")]
    [InlineData("""{"ports":{"web":{},}}""", "line 1: ")]
    [InlineData("""{"ports":{"web":{}}} {}""", "line 1: ")]
    [InlineData("""{"name":"shop","ports":{"web":{}}}""", "name: That is not known here. Known are $schema, scope and ports.")]
    [InlineData("""{"Ports":{"web":{}}}""", "Ports: That is not known here.")]
    [InlineData("""{"ports":{"web":{}},"ports":{"web":{}}}""", "ports: It is there twice.")]
    [InlineData("""{"scope":"a","scope":"b","ports":{"web":{}}}""", "scope: It is there twice.")]
    [InlineData("""{"ports":{"web":{},"WEB":{}}}""", "ports.WEB: It is there twice.")]
    [InlineData("""{"ports":{"web":{"preferred":1024,"preferred":1025}}}""", "ports.web.preferred: It is there twice.")]
    [InlineData("""{"ports":{"web":{"command":"rm -rf /"}}}""", "ports.web.command: That is not known here. Known are preferred, protocol and variable.")]
    [InlineData("""{"scope":1,"ports":{"web":{}}}""", "scope: There is the number 1 where")]
    [InlineData("""{"$schema":{},"ports":{"web":{}}}""", "$schema: There is an object where")]
    [InlineData("""{"ports":{"web":8080}}""", "ports.web: There is the number 8080 where there must be an object: {} for any port")]
    [InlineData("""{"ports":{"web":null}}""", "ports.web: There is null where")]
    [InlineData("""{"ports":{"":{}}}""", "ports[\"\"]: That is no name.")]
    [InlineData("""{"ports":{"a b":{}}}""", "ports[\"a b\"]: That is no name.")]
    [InlineData("""{"ports":{"../x\n":{}}}""", "ports[\"../x\n\"]: That is no name.")]
    [InlineData("""{"ports":{"wéb":{}}}""", "ports[\"wéb\"]: That is no name.")]
    [InlineData("""{"ports":{"web":{"preferred":0}}}""", "ports.web.preferred: There is the number 0 where a port must be")]
    [InlineData("""{"ports":{"web":{"preferred":80}}}""", "a whole number from 1024 to 65535")]
    [InlineData("""{"ports":{"web":{"preferred":65536}}}""", "ports.web.preferred: ")]
    [InlineData("""{"ports":{"web":{"preferred":-1}}}""", "ports.web.preferred: ")]
    [InlineData("""{"ports":{"web":{"preferred":8080.5}}}""", "ports.web.preferred: ")]
    [InlineData("""{"ports":{"web":{"preferred":1e99}}}""", "ports.web.preferred: ")]
    [InlineData("""{"ports":{"web":{"preferred":"8080"}}}""", "ports.web.preferred: There is a text where a port must be")]
    [InlineData("""{"ports":{"web":{"preferred":[]}}}""", "ports.web.preferred: There are none.")]
    [InlineData("""{"ports":{"web":{"preferred":[8080,80]}}}""", "ports.web.preferred[1]: There is the number 80 where")]
    [InlineData("""{"ports":{"web":{"preferred":[2001,2002,2003,2004,2005,2006,2007,2008,2009,2010,2011,2012,2013,2014,2015,2016,2017]}}}""", "ports.web.preferred: There are more than 16.")]
    [InlineData("""{"ports":{"web":{"protocol":"TCP"}}}""", "ports.web.protocol: That is no protocol.")]
    [InlineData("""{"ports":{"web":{"protocol":6}}}""", "ports.web.protocol: There is the number 6 where")]
    [InlineData("""{"ports":{"web":{"variable":"PATH"}}}""", "ports.web.variable: 'PATH' is an environment variable from which")]
    [InlineData("""{"ports":{"web":{"variable":"ld_preload"}}}""", "ports.web.variable: 'ld_preload' is")]
    [InlineData("""{"ports":{"web":{"variable":"BASH_ENV"}}}""", "ports.web.variable: 'BASH_ENV' is")]
    [InlineData("""{"ports":{"web":{"variable":"A=B"}}}""", "ports.web.variable: 'A=B' is no name")]
    [InlineData("""{"ports":{"web":{"variable":""}}}""", "ports.web.variable: '' is no name")]
    [InlineData("""{"ports":{"web":{"variable":["A"]}}}""", "ports.web.variable: There is an array where")]
    [InlineData("""{"ports":{"dotnet":{}}}""", "ports.dotnet: 'DOTNET_PORT' is an environment variable from which")]
    [InlineData("""{"ports":{"...":{}}}""", "ports[\"...\"]: The name has no letter or digit to make a variable of. Give it by \"variable\".")]
    [InlineData("""{"ports":{"my-api":{},"my_api":{}}}""", "ports.my_api: Its environment variable would be MY_API_PORT, which is that of 'my-api' already.")]
    [InlineData("""{"ports":{"web":{"variable":"X"},"api":{"variable":"x"}}}""", "ports.api: Its environment variable would be x")]
    [InlineData("""{"ports":{"\ud800":{}}}""", "A text in it is no Unicode")]
    [InlineData("""{"ports":{"web":{"x":{"x":{"x":{"x":{"x":{"x":{}}}}}}}}}""", "line 1: ")]
    public void Read_WhatCannotBe_IsRefusedWithItsPlace(string text, string finding)
    {
        PortRegistryException refusal = Assert.Throws<PortRegistryException>(() => Write(text));

        Assert.Equal(PortRegistryErrorCode.ProjectFileInvalid, refusal.Code);
        Assert.StartsWith($"The project file '{_directory[ProjectFile.DefaultName]}' cannot be used: ", refusal.Message, StringComparison.Ordinal);
        Assert.Contains(finding, refusal.Message, StringComparison.Ordinal);
        Assert.EndsWith("Nothing was leased.", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_BytesThatAreNotUtf8_AreRefused()
    {
        Assert.Contains("no Unicode", Refused([.. "{\"ports\":{\""u8, 0xC3, 0x28, .. "\":{}}}"u8]), StringComparison.Ordinal);
        Assert.Contains("UTF-16", Refused([.. Encoding.Unicode.Preamble, .. Encoding.Unicode.GetBytes("{}")]), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_SizeAndNumber_AreBounded()
    {
        Assert.Contains("longer than 64 KiB", Refused(Encoding.UTF8.GetBytes("{\"ports\":{\"web\":{}}}".PadRight(ProjectText.MaxLength + 1))), StringComparison.Ordinal);
        Assert.Single(Write("{\"ports\":{\"web\":{}}}".PadRight(ProjectText.MaxLength)).Ports);
        Assert.Contains("more than 100", Refused(Encoding.UTF8.GetBytes(Many(101))), StringComparison.Ordinal);
        Assert.Equal(100, Write(Many(100)).Ports.Count);
        Assert.True(Refused(Encoding.UTF8.GetBytes("{\"ports\":{\"" + new string('x', 60_000) + "\":{}}}")).Length < 1000);
    }

    [Fact]
    public void Read_NoFile_IsNotFound()
    {
        Assert.Equal(PortRegistryErrorCode.ProjectFileNotFound, Assert.Throws<PortRegistryException>(() => ProjectFile.Read(_directory.Path)).Code);
        Assert.Equal(PortRegistryErrorCode.ProjectFileNotFound, Assert.Throws<PortRegistryException>(() => ProjectFile.Read(_directory["no/such/file"])).Code);
        Assert.Equal(PortRegistryErrorCode.ProjectFileNotFound, Assert.Throws<PortRegistryException>(() => ProjectFile.Read("a\0b")).Code);
    }

    [Fact]
    public void Read_WhatIsNoRegularFile_IsRefusedWithoutWaiting()
    {
        Needs.Unix();
        File.CreateSymbolicLink(_directory["loop"], _directory["loop"]);
        foreach (string path in new[] { "/dev/zero", "/dev/tty", _directory["loop"] })
        {
            Assert.Equal(PortRegistryErrorCode.ProjectFileInvalid, Assert.Throws<PortRegistryException>(() => ProjectFile.Read(path)).Code);
        }
    }

    [Fact]
    public void Read_Link_IsFollowed()
    {
        Needs.Unix();
        Write("""{"ports":{"web":{}}}""");
        File.CreateSymbolicLink(_directory["link.json"], _directory[ProjectFile.DefaultName]);

        Assert.Single(ProjectFile.Read(_directory["link.json"]).Ports);
    }

    [Fact]
    public void MakeRequests_NoScopeAnywhere_IsTheDirectoryOfTheFile()
    {
        ProjectFile project = Write("""{"ports":{"web":{},"api":{}}}""");

        Assert.All(project.MakeRequests(Registry, null, new PortLeaseRequest()), request => Assert.EndsWith(Path.GetFileName(_directory.Path), request.Scope, StringComparison.Ordinal));
        Assert.All(project.MakeRequests(Registry, "", new PortLeaseRequest()), request => Assert.Equal("", request.Scope));
        Assert.All(project.MakeRequests(Registry, "mine", new PortLeaseRequest()), request => Assert.Equal("mine", request.Scope));
    }

    [Fact]
    public void MakeRequests_ScopeOfTheFile_BeginsAtTheFile()
    {
        Directory.CreateDirectory(_directory[".git"]);
        Directory.CreateDirectory(_directory["src"]);
        File.WriteAllText(_directory["src/portmgmt.json"], """{"scope":"auto","ports":{"web":{}}}""");

        Assert.EndsWith(Path.GetFileName(_directory.Path), ProjectFile.Read(_directory["src"]).MakeRequests(Registry, null, new PortLeaseRequest())[0].Scope, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"scope":"auto","ports":{"web":{}}}""", "scope: The scope 'auto' is the nearest directory")]
    [InlineData("""{"scope":"=cmd","ports":{"web":{}}}""", "scope: A scope cannot have the character")]
    public void MakeRequests_ScopeThatIsNone_IsTheFilesFault(string text, string finding)
    {
        PortRegistryException refusal = Assert.Throws<PortRegistryException>(() => Write(text).MakeRequests(Registry, null, new PortLeaseRequest()));

        Assert.Equal(PortRegistryErrorCode.ProjectFileInvalid, refusal.Code);
        Assert.Contains(finding, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void MakeRequests_PortThatThePolicyDenies_IsTheFilesFault()
    {
        Registry.SetPolicy(new PortPolicy { Exclude = [new(8080, 8080)], Reservations = new Dictionary<string, int> { ["db"] = 9090, ["web"] = 9091 } });
        foreach ((string preferred, string place) in new[] { ("8080", "ports.web.preferred: TCP port 8080 is excluded"), ("[9092,9090]", "ports.web.preferred[1]: TCP port 9090 is reserved for") })
        {
            PortRegistryException refusal = Assert.Throws<PortRegistryException>(
                () => Write("{\"ports\":{\"web\":{\"preferred\":" + preferred + "}}}").MakeRequests(Registry, null, new PortLeaseRequest()));
            Assert.Equal(PortRegistryErrorCode.ProjectFileInvalid, refusal.Code);
            Assert.Contains(place, refusal.Message, StringComparison.Ordinal);
        }

        Assert.Single(Write("""{"ports":{"web":{"preferred":9091}}}""").MakeRequests(Registry, null, new PortLeaseRequest()));
    }

    [Fact]
    public void Read_StandardInput_IsNoFile()
    {
        PortRegistryException refusal = Assert.Throws<PortRegistryException>(() => ProjectFile.Read("-"));
        Assert.Equal(PortRegistryErrorCode.ProjectFileNotFound, refusal.Code);
        Assert.Contains("none is read from standard input", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_PipeThatHasNoPath_SaysThatItIsAPipe()
    {
        Needs.Linux();
        using AnonymousPipeServerStream pipe = new(PipeDirection.In);
        PortRegistryException refusal = Assert.Throws<PortRegistryException>(() => ProjectFile.Read($"/dev/fd/{pipe.SafePipeHandle.DangerousGetHandle()}"));
        Assert.Equal(PortRegistryErrorCode.ProjectFileInvalid, refusal.Code);
        Assert.Contains("It is a pipe or another stream.", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AcquireAll_RequestsOfAProjectForATime_FindTheirLeasesAgain()
    {
        ProjectFile project = Write("""{"ports":{"web":{},"dns":{"protocol":"udp"}}}""");
        PortLeaseRequest common = new() { Owner = PortLeaseOwner.None, TimeToLive = TimeSpan.FromHours(1), Reuse = true, ReusesOwnerless = true };

        int[] first = [.. Registry.AcquireAll(project.MakeRequests(Registry, null, common)).Select(lease => lease.Port)];
        int[] again = [.. Registry.AcquireAll(project.MakeRequests(Registry, null, common with { TimeToLive = TimeSpan.FromHours(2) })).Select(lease => lease.Port)];
        int[] other = [.. Registry.AcquireAll(project.MakeRequests(Registry, "another checkout", common)).Select(lease => lease.Port)];

        Assert.Equal(first, again);
        Assert.Equal(4, first.Concat(other).Distinct().Count());
        Assert.Equal(4, Registry.GetLeases().Count);
    }

    public void Dispose() => _directory.Dispose();

    private PortRegistry Registry => PortRegistry.Open(new PortRegistryOptions { Directory = _directory["registry"] });

    private static string Many(int count) => "{\"ports\":{" + string.Join(',', Enumerable.Range(0, count).Select(number => $"\"n{number}\":{{}}")) + "}}";

    private string Refused(byte[] bytes)
    {
        File.WriteAllBytes(_directory[ProjectFile.DefaultName], bytes);
        PortRegistryException refusal = Assert.Throws<PortRegistryException>(() => ProjectFile.Read(_directory.Path));
        Assert.Equal(PortRegistryErrorCode.ProjectFileInvalid, refusal.Code);
        return refusal.Message;
    }

    private ProjectFile Write(string text)
    {
        File.WriteAllText(_directory[ProjectFile.DefaultName], text);
        return ProjectFile.Read(_directory[ProjectFile.DefaultName]);
    }
}
