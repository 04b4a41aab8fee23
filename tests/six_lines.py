"""The log of six lines that the log format is explained with: its lines, chains and hashes."""

SESSION = "5f0c2b7e9a4d4e1f8b3a6c7d8e9f0a1b"

TAIL = r"""
{"type":"snapshot","log":1,"session":"5f0c2b7e9a4d4e1f8b3a6c7d8e9f0a1b","seq":0,"at":1781445600000,"chain":"0000000000000000","state":{"described":null,"session":{},"cars":[],"messages":[],"feed":null,"closed":null,"writer":null}}
{"seq":1,"at":1781445600000,"type":"described","session":"5f0c2b7e9a4d4e1f8b3a6c7d8e9f0a1b","writer":1781445600000,"name":"WEC","description":"Race","class":"rmonitor","key":"32","kind":"race","columns":[{"id":"num","type":"text","title":"Num"},{"id":"state","type":"state","title":"State"},{"id":"laps","type":"number","title":"Laps"},{"id":"gap","type":"gap","title":"Gap"},{"id":"best","type":"time","title":"Best"}],"track":[{"id":"air","type":"number","title":"Air","description":"°C"}],"hidden":false,"do_not_record":false,"analysis":true,"rate":1,"versions":{"livetiming":"0.1.0"}}
{"type":"mark","seq":1,"chain":"21c1005b6e19d274"}
{"seq":2,"at":1781445600250,"type":"changed","source_at":1781445600180,"cars":{"40":{"num":"40","state":"run","laps":46,"best":[106542000,"sb"]},"92":{"num":"92","state":"run","laps":43,"gap":{"laps":3}},"7":{"num":"007","state":"pit","laps":43,"gap":{"laps":3}}},"order":[0,["40","92","7"]],"session":{"flag":"green","remaining":{"value_us":12000000,"at":1781445600250,"runs":true},"air":21.5}}
{"type":"mark","seq":2,"chain":"426a611298c70be7"}
{"seq":3,"at":1781445601250,"type":"passed","car":"40","line":"finish","lap":47,"lap_us":108230000}
{"seq":4,"at":1781445601250,"type":"changed","cars":{"40":{"laps":47},"7":{"state":"run","gap":153234000}},"order":[1,["7","92"]]}
{"seq":5,"at":1781445601250,"type":"posted","category":"Pits","text":"#007 has left the pits","style":"out","car":"7","origin":"derived"}
{"type":"mark","seq":5,"chain":"d79fea604cd2e3c2"}
{"seq":6,"at":1781445612250,"type":"closed","reason":"finished"}
{"type":"mark","seq":6,"chain":"5bb39556b108a25c"}
""".lstrip("\n").encode()
"""The growing tail, marks and all."""

LINES = [line for line in TAIL.splitlines() if line.startswith(b'{"seq"')]

SIZES = [589, 395, 99, 130, 137, 64]
CHAINS = [
    "21c1005b6e19d274",
    "426a611298c70be7",
    "a469c1a8c1a3814b",
    "fec88ae525bbbda9",
    "d79fea604cd2e3c2",
    "5bb39556b108a25c",
]
HASHES = [
    "af147ece4eba360ac8e34c75cc994649",
    "8e72cc7594c9ae42a66fd47f87d4c105",
    "8e72cc7594c9ae42a66fd47f87d4c105",
    "0492fe52ab94c28cc261ccb46edf5c4c",
    "515fafd2a4b22db35565e417ddf06057",
    "ff3ca5330635f211ee3ddebff715e6f5",
]
