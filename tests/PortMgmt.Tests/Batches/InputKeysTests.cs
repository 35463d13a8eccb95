using System.Collections;
using System.Collections.ObjectModel;
using System.Management.Automation;
using System.Text;
using PortMgmt.Operations;
using PortMgmt.Operations.JobLogs;
using PortMgmt.PowerShell.Batches;
using Xunit;

namespace PortMgmt.Tests.Batches;

[Collection(EngineTests.Name)]
public sealed class InputKeysTests(EngineFixture engine)
{
    [Fact]
    public void TryMake_OperationWithAnId_IsTheIdsWhateverTheInput()
    {
        Assert.Equal(JobLogKeys.OfId("web"), new InputKeys().TryMake(new Operation<PSObject?>(1) { Id = "web" }, out _));
        Assert.Equal(JobLogKeys.OfId("web"), new InputKeys().TryMake(new Operation<PSObject?>("other") { Id = "web" }, out _));
        Assert.Equal(JobLogKeys.OfId("web", "t"), new InputKeys().TryMake(new Operation<PSObject?>(1) { Id = "web", Type = "t" }, out _));
    }

    [Theory]
    [InlineData("line")]
    [InlineData("grün")]
    [InlineData("")]
    public void TryMake_Text_IsTheOneOfTheCommandLine(string text) =>
        Assert.Equal(new JobLogKeys().OfText(Encoding.UTF8.GetBytes(text)), KeyOf(text));

    [Theory]
    [InlineData("'a' | Add-Member -NotePropertyMembers @{ ReadCount = 1; PSPath = 'x'; RunspaceId = [guid]::NewGuid() } -PassThru", "'a'")]
    [InlineData("Get-Date -Date '2026-01-02'", "[datetime] '2026-01-02'")]
    [InlineData("@{ a = 1; b = @{ c = 1; d = 2; e = 3 } }", "[ordered]@{ b = [ordered]@{ e = 3; d = 2; c = 1 }; a = 1 }")]
    [InlineData("[pscustomobject]@{ a = 1; b = 2 }", "[pscustomobject]@{ b = 2; a = 1 } | Add-Member -MemberType ScriptMethod -Name m -Value { 1 } -PassThru")]
    [InlineData("[pscustomobject]@{ a = 1; RunspaceId = [guid]::NewGuid() }", "[pscustomobject]@{ a = 1; RunspaceId = [guid]::NewGuid() }")]
    [InlineData(", @(1, 'a')", ", [System.Collections.Generic.List[object]] @(1, 'a')")]
    [InlineData("Get-Item -Path /", "[System.IO.DirectoryInfo] '/'")]
    [InlineData("[System.IO.DirectoryInfo] '/tmp/'", "[System.IO.DirectoryInfo] '/tmp'")]
    [InlineData("[System.IO.FileInfo] '/tmp/../x'", "[System.IO.FileInfo] '/x' | Add-Member -NotePropertyName n -NotePropertyValue 1 -PassThru")]
    [InlineData("@{ a = 1 }.GetEnumerator() | Select-Object -First 1", "[System.Collections.DictionaryEntry]::new('a', 1)")]
    public void TryMake_EqualInputs_HaveOneKey(string first, string second) => Assert.Equal(KeyOf(first, isScript: true), KeyOf(second, isScript: true));

    [Fact]
    public void TryMake_DifferentInputs_AreDifferent()
    {
        string[] inputs =
        [
            "$null", "''", "'1'", "1", "2", "1L", "[byte] 1", "1.5", "1.5d", "$true", "'True'", "[char] 'a'", "'a'", "@{ a = 1 }", "@{ a = 2 }", "@{ a = '1' }",
            "@{ A = 1 }", "@{}", ", @()", ", @(1, 2)", ", @(2, 1)", ", @(1, @(2))", ", @(@(1), 2)", "[datetime] '2026-01-02'", "([datetime] '2026-01-02').AddTicks(1)",
            "[datetimeoffset] '2026-01-02Z'", "[guid]::Empty", "[System.IO.FileInfo] '/a'", "[System.IO.FileInfo] '/b'", "'/a'", "[System.DayOfWeek]::Monday",
            "[System.ConsoleColor]::DarkBlue", "[pscustomobject]@{ a = 1 }", "[pscustomobject]@{ a = $null }", "[pscustomobject]@{}", "[pscustomobject]@{ PSPath = 1 }",
            "[pscustomobject]@{ PSPath = 2 }", "[pscustomobject]@{ a = @{ b = @{ c = @{ d = @(1, @{ e = 1 }) } } } }",
            "[pscustomobject]@{ a = @{ b = @{ c = @{ d = @(1, @{ e = 2 }) } } } }", "[string] [char] 0xd800", "[string] [char] 0xd801",
            "[string] [char] 0xfffd", "1 | Add-Member -NotePropertyName n -NotePropertyValue 1 -PassThru", "1 | Add-Member -NotePropertyName n -NotePropertyValue 2 -PassThru -Force",
            "'a' | Add-Member -NotePropertyName n -NotePropertyValue 1 -PassThru", "[timespan] 1", "[uri] 'http://a/'", "[version] '1.0'", "[ipaddress] '::1'", "[bigint] 1", "1.0d", "1.00d",
        ];

        string same = string.Join("; ", inputs.GroupBy(input => KeyOf(input, isScript: true)).Where(group => group.Count() > 1).Select(group => string.Join(" = ", group)));

        Assert.True(same.Length == 0, same);
    }

    [Theory]
    [InlineData("Get-Process -Id $PID", "System.Diagnostics.Process")]
    [InlineData("@{ a = @{ b = , @{ c = Get-Process -Id $PID } } }", "System.Diagnostics.Process")]
    [InlineData("[pscustomobject]@{ f = { 1 } }", "System.Management.Automation.ScriptBlock")]
    [InlineData("[pscustomobject]@{ a = 1 } | Add-Member -MemberType ScriptProperty -Name s -Value { Get-Date } -PassThru", "the script property 's'")]
    [InlineData("[object]::new()", "System.Object")]
    [InlineData(", [int[,]]::new(2, 3)", "System.Int32[,]")]
    [InlineData("$table = @{}; $table.self = $table; $table", "holds itself")]
    [InlineData("$object = [pscustomobject]@{ a = $null }; $object.a = , $object; $object", "holds itself")]
    [InlineData("@{ (Get-Process -Id $PID) = 1 }", "System.Diagnostics.Process")]
    public void TryMake_InputWithoutIdentity_SaysWhatOfIt(string input, string obstacle)
    {
        Assert.Null(new InputKeys().TryMake(new Operation<PSObject?>(Value(input)), out string? found));

        Assert.Contains(obstacle, found, StringComparison.Ordinal);
    }

    [Fact]
    public void TryMake_DeepInput_HasAKey()
    {
        object? value = 1;
        for (int i = 0; i < 500; i++)
        {
            value = new Hashtable { ["a"] = value };
        }

        Assert.StartsWith("2:value-sha256:", KeyOf(value), StringComparison.Ordinal);
    }

    [Fact]
    public void TryMake_EqualInputsOfOneBatch_AreCounted()
    {
        InputKeys keys = new();

        string?[] made = [.. new object[] { "a", 1, "a", 1, "a" }.Select(input => keys.TryMake(new Operation<PSObject?>(PSObject.AsPSObject(input)), out _))];

        Assert.Equal([made[0], made[1], made[0] + "#2", made[1] + "#2", made[0] + "#3"], made);
    }

    private static string KeyOf(object? input) =>
        new InputKeys().TryMake(new Operation<PSObject?>(input is null ? null : PSObject.AsPSObject(input)), out string? obstacle) ?? throw new InvalidOperationException(obstacle);

    private string KeyOf(string script, bool isScript) => isScript ? KeyOf(Value(script)) : KeyOf(script);

    private PSObject? Value(string script)
    {
        Collection<PSObject> found = engine.Run(script);
        return found.Count == 0 ? null : found[0];
    }
}
