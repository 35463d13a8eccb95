using System.Collections;
using System.Management.Automation;
using PortMgmt.PowerShell.Affinity;
using PortMgmt.PowerShell.Runspaces;
using Xunit;

namespace PortMgmt.Tests.Affinity;

[Collection(EngineTests.Name)]
public sealed class ValueWalkerTests(EngineFixture engine)
{
    [Fact]
    public void Engine_HasWhatUnbindingNeeds() => Assert.True(EngineInternals.IsComplete);

    [Fact]
    public void Engine_HasWhatTurnsNeed() => Assert.True(MethodBody.IsThere && SharedVariable.IsThere && HomeScript.IsThere);

    [Fact]
    public void Engine_HasWhatWarmRunspacesAreComparedBy() => Assert.True(RunspaceInternals.AreThere);

    [Fact]
    public void Engine_HasWhatWrappersNeed()
    {
        int[] value = [1, 2];
        var wrapper = new PSObject(value);

        Assert.True(WrapperMembers.TryAdd(wrapper, new PSNoteProperty("own", 3)));

        Assert.Equal(3, wrapper.Members["own"].Value);
        Assert.Null(new PSObject(value).Members["own"]);
    }

    [Theory]
    [InlineData("1")]
    [InlineData("'text'")]
    [InlineData("$null")]
    [InlineData("Get-Item /")]
    [InlineData("@(1, 2, 'a')")]
    [InlineData("@{ a = 1; b = @{ c = 2 } }")]
    [InlineData("[pscustomobject]@{ a = 1; b = [pscustomobject]@{ c = 2 } }")]
    [InlineData("[datetime]::Now")]
    [InlineData("[Func[int]]")]
    [InlineData("[System.IO.Path]::GetFullPath")]
    public void Walk_ValueWithoutScripts_TellsNothing(string script) => Assert.Empty(Walk(script));

    [Theory]
    [InlineData("{ 1 }", "block value")]
    [InlineData(", @({ 1 })", "block value")]
    [InlineData("@{ a = @{ f = { 1 } } }", "block value.a.f")]
    [InlineData("[pscustomobject]@{ f = { 1 } }", "block value.f")]
    [InlineData("@{ list = [System.Collections.Generic.List[object]] @(1, @{ f = { 1 } }) }", "block value.list.f")]
    [InlineData("5 | Add-Member -PassThru -NotePropertyName f -NotePropertyValue { 1 }", "block value.f")]
    [InlineData("[Func[int]] { 1 }", "delegate value")]
    [InlineData("@{ f = [Delegate]::Combine([Action] { 1 }, [Action] { 2 }) }", "delegate value.f")]
    [InlineData("[tuple]::Create(1, { 1 })", "block value")]
    [InlineData("[System.Collections.DictionaryEntry]::new('k', { 1 })", "block value")]
    [InlineData("[System.Collections.Generic.KeyValuePair[string, object]]::new('k', { 1 })", "block value")]
    [InlineData("[pscustomobject]@{} | Add-Member -PassThru ScriptMethod m { 1 }", "member m")]
    [InlineData("'text' | Add-Member -PassThru ScriptProperty m { 1 }", "member m")]
    [InlineData("@{ a = (Get-Item / | Add-Member -PassThru ScriptMethod m { 1 }) }", "member m")]
    [InlineData("class Walked { [int] $n; [int] Get() { return 1 } }; @{ a = [Walked]::new() }", "instance Walked value.a")]
    [InlineData("class WalkedInner { }; class WalkedOuter { [object] $o = [WalkedInner]::new() }; [WalkedOuter]::new()", "instance WalkedOuter value, instance WalkedInner value.o")]
    [InlineData("class WalkedType { }; [WalkedType]", "type WalkedType")]
    public void Walk_ValueWithScripts_TellsWhatAndWhere(string script, string expected) => Assert.Equal(expected, string.Join(", ", Walk(script)));

    [Fact]
    public void Walk_ValueThatHasItself_Ends()
    {
        ArrayList list = [];
        list.Add(list);
        Hashtable table = new() { ["list"] = list };
        list.Add(table);

        Assert.Empty(Walk(table));
    }

    [Fact]
    public void Take_SameMemberTwice_IsAsBeforeWhenBothHaveLetGo()
    {
        PSObject value = engine.Run("[pscustomobject]@{} | Add-Member -PassThru ScriptMethod m { 1 }")[0];
        var member = (PSScriptMethod)value.Members["m"];
        ScriptBlock before = member.Script;
        using var first = new BoundValues(engine.State, isAttended: false);
        using var second = new BoundValues(engine.State, isAttended: false);

        first.Take(value, "value");
        second.Take(value, "value");
        first.Dispose();
        ScriptBlock meanwhile = member.Script;
        second.Dispose();

        Assert.NotSame(before, meanwhile);
        Assert.Same(before, member.Script);
    }

    private List<string> Walk(string script) => Walk(engine.Run(script).FirstOrDefault());

    private static List<string> Walk(object? value)
    {
        Recorder recorder = new();
        new ValueWalker(new ValueKinds()).Walk(value, "value", recorder);
        return recorder.Told;
    }

    private sealed class Recorder : IValueVisitor
    {
        public List<string> Told { get; } = [];

        public void VisitBlock(string path) => Told.Add("block " + path);

        public void VisitDelegate(Delegate made, string path) => Told.Add("delegate " + path);

        public void VisitInstance(object instance, Type type, string path) => Told.Add($"instance {type.Name} {path}");

        public void VisitType(Type type) => Told.Add("type " + type.Name);

        public void VisitMember(PSMemberInfo member, string path) => Told.Add("member " + member.Name);
    }
}
